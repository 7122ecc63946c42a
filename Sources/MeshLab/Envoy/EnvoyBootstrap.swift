/// What a proxy knows when it starts: where to listen for its administrator, and where to read what istiod pushes.
struct EnvoyBootstrap {
    var nodeID: String
    var cluster: String
    /// Holds `lds.json` and `cds.json`.
    var directory: String
    var adminSocket: String
    /// Whether the pod's own containers find the administration where Istio has it, on 127.0.0.1:15000.
    var isSidecar: Bool

    var json: JSON {
        [
            "node": ["id": .string(nodeID), "cluster": .string(cluster)],
            "admin": ["address": ["pipe": ["path": .string(adminSocket), "mode": 0o666]]],
            "static_resources": isSidecar ? administration : [:],
            "dynamic_resources": ["lds_config": source("lds"), "cds_config": source("cds")],
            // The gateway's EnvoyFilters need internal listeners; Istio's bootstrap has this extension, too.
            "bootstrap_extensions": [
                EnvoyPart.typed(
                    "envoy.bootstrap.internal_listener",
                    "envoy.extensions.bootstrap.internal_listener.v3.InternalListener")
            ],
        ]
    }

    /// Envoy has one administration, which the lab reaches by a file: connections to 15000 are passed there.
    private var administration: JSON {
        let name = "administration"
        return [
            "listeners": [
                [
                    "name": .string(name), "address": EnvoyPart.address("127.0.0.1", 15000),
                    "filter_chains": [["filters": [EnvoyPart.tcpProxy(name, logs: [])]]],
                ]
            ],
            "clusters": [
                [
                    "name": .string(name), "type": "STATIC", "connect_timeout": "1s",
                    "load_assignment": [
                        "cluster_name": .string(name),
                        "endpoints": [
                            [
                                "lb_endpoints": [
                                    ["endpoint": ["address": ["pipe": ["path": .string(adminSocket)]]]]
                                ]
                            ]
                        ],
                    ],
                ]
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
