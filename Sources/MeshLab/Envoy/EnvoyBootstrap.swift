/// What a proxy knows when it starts: where to listen for its administrator, and where to read what istiod pushes.
struct EnvoyBootstrap {
    var nodeID: String
    var cluster: String
    /// Holds `lds.json` and `cds.json`.
    var directory: String
    var adminSocket: String

    var json: JSON {
        [
            "node": ["id": .string(nodeID), "cluster": .string(cluster)],
            "admin": ["address": ["pipe": ["path": .string(adminSocket), "mode": 0o666]]],
            "dynamic_resources": ["lds_config": source("lds"), "cds_config": source("cds")],
            // The gateway's EnvoyFilters need internal listeners; Istio's bootstrap has this extension, too.
            "bootstrap_extensions": [
                EnvoyPart.typed(
                    "envoy.bootstrap.internal_listener",
                    "envoy.extensions.bootstrap.internal_listener.v3.InternalListener")
            ],
        ]
    }

    private func source(_ name: String) -> JSON {
        [
            "resource_api_version": "V3",
            "path_config_source": [
                "path": "\(directory)/\(name).json", "watched_directory": ["path": .string(directory)],
            ],
        ]
    }
}
