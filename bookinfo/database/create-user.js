// Creates the user that the service reads with: the role read on the one database and nothing else. Run again, it sets
// the password and the roles to what they should be.
(() => {
    const database = bookinfo.asAdmin();
    const account = {
        pwd: bookinfo.env("BOOKINFO_PASSWORD"),
        roles: [{ role: "read", db: bookinfo.databaseName }],
    };
    if (database.getUser(bookinfo.userName) === null) {
        database.createUser({ user: bookinfo.userName, ...account });
        print(`created the user ${bookinfo.userName} in ${bookinfo.databaseName}`);
    } else {
        database.updateUser(bookinfo.userName, account);
        print(`updated the user ${bookinfo.userName} in ${bookinfo.databaseName}`);
    }
})();
