// Creates the collection with two ones: one star from each reviewer, where Bookinfo without a database shows 5 and 4, so
// that the page tells at a glance where its stars come from. A first try that was interrupted is completed; a collection
// that holds two documents or more is left alone.
(() => {
    const database = bookinfo.asAdmin();
    const { databaseName, collectionName } = bookinfo;
    const name = `${databaseName}.${collectionName}`;
    if (!database.getCollectionNames().includes(collectionName)) {
        database.createCollection(collectionName);
    }
    const collection = database.getCollection(collectionName);
    const found = collection.countDocuments({});
    if (found > 1) {
        print(`${name} holds ${found} documents already, left as they are`);
        return;
    }
    // Of a first try that stopped half-way nothing else can be left.
    if (found === 1 && collection.countDocuments({ rating: 1 }) !== 1) {
        throw new Error(`${name} holds one document, and not { rating: 1 }: remove it, or add a second rating`);
    }
    const missing = found === 1 ? [{ rating: 1 }] : [{ rating: 1 }, { rating: 1 }];
    collection.insertMany(missing);
    const kept = collection.countDocuments({});
    if (kept < 2) {
        throw new Error(`${name} keeps ${kept} of two documents: is it capped?`);
    }
    print(found === 1 ? `inserted the second rating of 1 into ${name}` : `inserted two ratings of 1 into ${name}`);
})();
