// Creates the collection with two ones: one star from each reviewer, where Bookinfo without a database shows 5 and 4, so
// that the page tells at a glance where its stars come from. A collection that holds documents already is left alone.
(() => {
    const database = bookinfo.asAdmin();
    const { databaseName, collectionName } = bookinfo;
    if (!database.getCollectionNames().includes(collectionName)) {
        database.createCollection(collectionName);
    }
    const collection = database.getCollection(collectionName);
    const found = collection.countDocuments({});
    if (found > 0) {
        print(`${databaseName}.${collectionName} holds ${found} documents already, left as they are`);
        return;
    }
    collection.insertMany([{ rating: 1 }, { rating: 1 }]);
    print(`inserted two ratings of 1 into ${databaseName}.${collectionName}`);
})();
