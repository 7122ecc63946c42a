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

    // A name, an address, or one of both with a port; an IPv6 address is in brackets where a port follows (RFC 3986).
    const place = (host, port) => {
        if (/^\[[^\]]*\]$/.test(host)) return `${host}:${port}`;
        if (host.startsWith("[")) return host;
        const colons = host.split(":").length - 1;
        if (colons > 1) return `[${host}]:${port}`;
        return colons === 1 ? host : `${host}:${port}`;
    };

    const url = (user, password, authSource) => {
        const options = [["authSource", authSource], ["serverSelectionTimeoutMS", "10000"]];
        if (env("MONGODB_TLS", "true") !== "false") {
            options.push(["tls", "true"]);
            const authority = env("MONGODB_CA_FILE", null);
            if (authority !== null) options.push(["tlsCAFile", authority]);
        }
        const replicaSet = env("MONGODB_REPLICA_SET", null);
        if (replicaSet !== null) options.push(["replicaSet", replicaSet]);
        const port = env("MONGODB_PORT", "27017");
        const places = env("MONGODB_HOST").split(",").map((host) => place(host.trim(), port));
        const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
        const query = options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
        return `mongodb://${credentials}@${places.join(",")}/${databaseName}?${query}`;
    };

    // A driver's message can hold the URL; what is printed must not hold a password. A short one is looked for in URLs
    // only: masked inside words, it could be guessed from what is left of them.
    const masked = (text, password) =>
        [password, encodeURIComponent(password)].reduce((rest, secret) => {
            const inUrl = rest.split(`:${secret}@`).join(":***@");
            return secret.length < 4 ? inUrl : inUrl.split(secret).join("***");
        }, text);

    // What to look at, where the message alone does not tell.
    const hint = (message) => {
        if (/altnames/i.test(message)) {
            return "; the certificate is for other names than MONGODB_HOST";
        }
        if (/certificate|issuer/i.test(message) && !/expired|not yet valid/i.test(message)) {
            const authority = env("MONGODB_CA_FILE", null);
            return authority === null
                ? "; for a CA of one's own, MONGODB_CA_FILE names its certificate"
                : `; MONGODB_CA_FILE=${authority} does not hold the certificate of the CA that signed the server's`;
        }
        if (/^Server selection timed out/.test(message)) {
            const replicaSet = env("MONGODB_REPLICA_SET", null);
            return replicaSet === null
                ? "; no server answered, or none of them as a primary"
                : `; no primary of a replica set named ${replicaSet} answered: look at MONGODB_REPLICA_SET`;
        }
        return "";
    };

    const open = (user, password, authSource) => {
        try {
            // mongosh awaits what is assigned, and not what is returned: `return connect(…)` would pass the catch by.
            const database = connect(url(user, password, authSource));
            return database;
        } catch (error) {
            const message = masked(String(error.message), password);
            throw new Error(`cannot connect to ${env("MONGODB_HOST")} as ${user}: ${message}${hint(message)}`);
        }
    };

    // A secondary on its own takes reads and refuses writes.
    const requirePrimary = (database) => {
        const { isWritablePrimary, setName } = database.hello();
        if (isWritablePrimary) return;
        throw new Error(
            setName === undefined
                ? `${env("MONGODB_HOST")} takes no writes`
                : `${env("MONGODB_HOST")} is a secondary of the replica set ${setName}: set MONGODB_REPLICA_SET=${setName}`,
        );
    };

    return {
        databaseName,
        collectionName,
        userName,
        env,
        // In the init container (MONGODB_LOCAL=true, see prepare.sh) mongosh is connected already, to a server that listens
        // on loopback and asks for no password.
        asAdmin: () => {
            if (env("MONGODB_LOCAL", "false") === "true") return db.getSiblingDB(databaseName);
            const user = env("MONGO_ADMIN_USER", "admin");
            const database = open(user, env("MONGO_ADMIN_PASSWORD"), env("MONGO_ADMIN_AUTH_SOURCE", "admin"));
            requirePrimary(database);
            return database;
        },
        asBookinfo: () => open(userName, env("BOOKINFO_PASSWORD"), databaseName),
    };
})();
