// Removes the user and the collection. Nothing that is missing already is an error.
(() => {
    const database = bookinfo.asAdmin();
    const { databaseName, collectionName, userName } = bookinfo;
    if (database.getUser(userName) === null) {
        print(`no user ${userName} in ${databaseName}`);
    } else {
        database.dropUser(userName);
        print(`dropped the user ${userName} from ${databaseName}`);
    }
    if (database.getCollectionNames().includes(collectionName)) {
        database.getCollection(collectionName).drop();
        print(`dropped ${databaseName}.${collectionName}`);
    } else {
        print(`no collection ${databaseName}.${collectionName}`);
    }
})();
