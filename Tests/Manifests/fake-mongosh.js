// Runs the scripts of bookinfo/database as mongosh would, against a database in memory that knows as much of MongoDB as
// they use: users with passwords and roles, collections, and error 13 for what a user may not do.
// Usage: node fake-mongosh.js STATE SCRIPT...   STATE is a JSON file that lives on between runs.
"use strict";
const fs = require("node:fs");
const vm = require("node:vm");

const [stateFile, ...scripts] = process.argv.slice(2);
const state = JSON.parse(fs.readFileSync(stateFile, "utf8"));

function fail(code, message) {
    throw Object.assign(new Error(message), { code });
}

// A database as one user sees it.
function database(name, roles) {
    const data = (state.databases[name] ??= { users: {}, collections: {} });
    const allow = (right) => roles.includes(right) || fail(13, `not authorized on ${name}`);
    return {
        getSiblingDB: (other) => database(other, roles),
        getUser: (user) => (allow("admin"), data.users[user] ? { user, roles: data.users[user].roles } : null),
        createUser(account) {
            allow("admin");
            if (data.users[account.user]) fail(51003, "user already exists");
            if (!account.pwd) fail(2, "no password");
            data.users[account.user] = { pwd: account.pwd, roles: account.roles };
        },
        updateUser(user, change) {
            allow("admin");
            if (!data.users[user]) fail(11, "no such user");
            Object.assign(data.users[user], change);
        },
        dropUser(user) {
            allow("admin");
            if (!data.users[user]) fail(11, "no such user");
            delete data.users[user];
        },
        getCollectionNames: () => (allow("admin"), Object.keys(data.collections)),
        createCollection(collection) {
            allow("admin");
            if (data.collections[collection]) fail(48, "collection exists");
            data.collections[collection] = [];
        },
        getCollection: (collection) => ({
            countDocuments: () => (allow("read"), (data.collections[collection] ?? []).length),
            insertMany: (documents) => (allow("admin"), (data.collections[collection] ??= []).push(...documents)),
            insertOne: (document) => (allow("write"), (data.collections[collection] ??= []).push(document)),
            drop: () => (allow("admin"), delete data.collections[collection]),
            find: (_, projection) => ({
                limit: (most) => ({
                    toArray() {
                        allow("read");
                        const kept = Object.keys(projection).filter((field) => projection[field]);
                        return (data.collections[collection] ?? [])
                            .slice(0, most)
                            .map((document) => Object.fromEntries(kept.map((field) => [field, document[field]])));
                    },
                }),
            }),
        }),
    };
}

function connect(text) {
    const url = new URL(text);
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    const options = url.searchParams;
    if (options.get("tls") !== String(state.tls)) throw new Error(`the server ${state.tls ? "wants" : "has no"} TLS`);
    const account = state.databases[options.get("authSource")]?.users[user];
    if (!account || account.pwd !== password) throw new Error(`Authentication failed: ${text}`);
    const name = url.pathname.slice(1);
    const roles = account.roles.some((role) => role === "root")
        ? ["admin", "read", "write"]
        : account.roles.filter((role) => role.db === name).flatMap((role) => (role.role === "readWrite" ? ["read", "write"] : [role.role]));
    return database(name, roles);
}

const context = vm.createContext({ process, connect, print: console.log, JSON });
context.globalThis = context;
if (process.env.MONGODB_LOCAL === "true") context.db = database("test", ["admin", "read", "write"]);
try {
    for (const script of scripts) vm.runInContext(fs.readFileSync(script, "utf8"), context, { filename: script });
} catch (error) {
    console.error(error.message);
    process.exitCode = 1;
} finally {
    fs.writeFileSync(stateFile, JSON.stringify(state));
}
