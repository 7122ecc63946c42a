// Creates the administrator, or sets the password to what it should be. Run by ./prepare.sh only: an external database has
// one already.
(() => {
    const local = bookinfo.asAdmin();
    const database = local.getSiblingDB("admin");
    const userName = bookinfo.env("MONGO_ADMIN_USER", "admin");
    const account = { pwd: bookinfo.env("MONGO_ADMIN_PASSWORD"), roles: [{ role: "root", db: "admin" }] };
    if (database.getUser(userName) === null) {
        database.createUser({ user: userName, ...account });
        print(`created the user ${userName} in admin`);
    } else {
        database.updateUser(userName, account);
        print(`updated the user ${userName} in admin`);
    }
})();
