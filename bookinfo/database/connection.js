// What the other scripts share: settings from the environment and the connections made of them. Passwords come from the
// environment only, so that they appear in no command line and no history. Run by ./run, see there for the settings.
globalThis.bookinfo = (() => {
    const env = (name, fallback) => {
        const value = process.env[name];
        if (value !== undefined && value !== "") return value;
        if (fallback !== undefined) return fallback;
        throw new Error(`set ${name}`);
    };

    // The service reads this database and this collection, whatever the path of its URL names.
    const databaseName = "test";
    const collectionName = "ratings";
    const userName = "bookinfo";

    const url = (user, password, authSource) => {
        const options = [["authSource", authSource], ["serverSelectionTimeoutMS", "10000"]];
        if (env("MONGODB_TLS", "true") !== "false") {
            options.push(["tls", "true"]);
            const authority = env("MONGODB_CA_FILE", null);
            if (authority !== null) options.push(["tlsCAFile", authority]);
        }
        const replicaSet = env("MONGODB_REPLICA_SET", null);
        if (replicaSet !== null) options.push(["replicaSet", replicaSet]);
        // MONGODB_HOST may list several members; a host without a port of its own gets MONGODB_PORT.
        const port = env("MONGODB_PORT", "27017");
        const hosts = env("MONGODB_HOST")
            .split(",")
            .map((host) => (host.includes(":") ? host : `${host}:${port}`));
        const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
        const query = options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
        return `mongodb://${credentials}@${hosts.join(",")}/${databaseName}?${query}`;
    };

    // A driver's message can hold the URL; what is printed must not hold a password.
    const open = (user, password, authSource) => {
        try {
            return connect(url(user, password, authSource));
        } catch (error) {
            const secrets = [password, encodeURIComponent(password)];
            const message = secrets.reduce((text, secret) => text.split(secret).join("***"), String(error.message));
            throw new Error(`cannot connect to ${env("MONGODB_HOST")} as ${user}: ${message}`);
        }
    };

    return {
        databaseName,
        collectionName,
        userName,
        env,
        // During the first start of the mongo image (MONGODB_LOCAL=true) mongosh is connected already, to a server
        // that listens on loopback and asks for no password yet.
        asAdmin: () =>
            env("MONGODB_LOCAL", "false") === "true"
                ? db.getSiblingDB(databaseName)
                : open(env("MONGO_ADMIN_USER", "admin"), env("MONGO_ADMIN_PASSWORD"), env("MONGO_ADMIN_AUTH_SOURCE", "admin")),
        asBookinfo: () => open(userName, env("BOOKINFO_PASSWORD"), databaseName),
    };
})();
