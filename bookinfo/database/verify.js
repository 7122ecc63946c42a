// Reads as the service does: as bookinfo, the first two documents in natural order, each with a number as its rating. Also
// makes sure that bookinfo cannot write, without writing. Ends with an error when one of the two is not so.
(() => {
    const database = bookinfo.asBookinfo();
    const { databaseName, collectionName, userName } = bookinfo;
    const collection = database.getCollection(collectionName);

    // mongosh keeps 64-bit integers and decimals as objects.
    const plain = (value) =>
        value !== null && typeof value === "object" && ["Long", "Int32", "Double", "Decimal128"].includes(value._bsontype)
            ? Number(value.toString())
            : value;
    const documents = collection.find({}, { _id: 0, rating: 1 }).limit(2).toArray();
    const ratings = documents.map((document) => plain(document.rating));
    print(`${userName} reads ${JSON.stringify(ratings.map((rating) => ({ rating })))}`);
    if (ratings.length < 2) {
        throw new Error(`expected two ratings, found ${ratings.length}`);
    }
    const position = ratings.findIndex((rating) => typeof rating !== "number" || !Number.isFinite(rating));
    if (position !== -1) {
        const rating = ratings[position];
        const seen = rating === undefined ? "no rating" : `the rating ${JSON.stringify(rating)}`;
        throw new Error(`expected a number as each rating, and document ${position + 1} holds ${seen}`);
    }

    const rights = database.runCommand({ connectionStatus: 1, showPrivileges: true }).authInfo.authenticatedUserPrivileges;
    const writing = ["insert", "update", "remove", "createCollection", "dropCollection", "createUser", "grantRole", "anyAction"];
    const granted = writing.filter((action) => rights.some((right) => right.actions.includes(action)));
    if (granted.length > 0) {
        throw new Error(`${userName} may ${granted.join(", ")} in ${databaseName} or beyond: run create-user again`);
    }
    try {
        // Matches nothing, and needs the right to write even so: a server without authorization lets it pass.
        collection.deleteOne({ _id: "verify.js removes nothing" });
    } catch (error) {
        // 13: Unauthorized, as it should be.
        if (error.code === 13) {
            print(`${userName} can only read`);
            return;
        }
        throw error;
    }
    throw new Error(`${userName} could write without a right to: does the server run without --auth?`);
})();
