/// What a rating may cost, whatever somebody stored.
struct ValueLimits: Sendable {
    /// The most JSON, in bytes. 16 MB of control characters in a document would be 96 MB, more than the pod has.
    var json = 8 << 20

    /// The most keys of an object, and of those around it; more than fit into ``json`` in practice, unless many are equal or
    /// undefined.
    var keys = 1 << 20

    /// The most objects and arrays in each other. mongod stores 200 levels (its `maxBSONDepth`, at most 250).
    var levels = 500
}
