// Reads as the service does: as bookinfo, the first two documents in natural order. Also makes sure that bookinfo cannot
// write. Ends with an error when one of the two is not so.
(() => {
    const database = bookinfo.asBookinfo();
    const { collectionName, userName } = bookinfo;
    const ratings = database.getCollection(collectionName).find({}, { _id: 0, rating: 1 }).limit(2).toArray();
    print(`${userName} reads ${JSON.stringify(ratings)}`);
    if (ratings.length < 2) {
        throw new Error(`expected two ratings, found ${ratings.length}`);
    }
    try {
        database.getCollection(collectionName).insertOne({ rating: 0, writtenBy: "verify.js" });
    } catch (error) {
        // 13: Unauthorized, as it should be.
        if (error.code === 13) {
            print(`${userName} can only read`);
            return;
        }
        throw error;
    }
    throw new Error(`${userName} could write: remove the document { writtenBy: "verify.js" } and run create-user again`);
})();
