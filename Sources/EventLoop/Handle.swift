import CUV

/// Owns the memory of one libuv handle.
///
/// libuv goes on using a handle until its close callback (<https://docs.libuv.org/en/v1.x/handle.html#c.uv_close>), so the C
/// struct is apart from the Swift object and outlives it: closing forgets the object, and the callback frees the struct.
/// `data` holds an unretained pointer to the object that the callbacks are for, or nothing once it is closed.
final class Handle<Memory> {
    let pointer: UnsafeMutablePointer<Memory>
    private(set) var isClosed = false

    /// - Parameter initialize: the `uv_…_init` of the handle's type.
    /// - Throws: ``UVError`` where that fails.
    init(_ initialize: (UnsafeMutablePointer<Memory>) -> Int32) throws(UVError) {
        pointer = .allocate(capacity: 1)
        let result = initialize(pointer)
        guard result >= 0 else {
            pointer.deallocate()
            isClosed = true
            throw UVError(code: result)
        }
        base.pointee.data = nil
    }

    deinit { close() }

    /// Its callbacks are for `owner` from now on. It must close the handle before it goes.
    func call(_ owner: AnyObject) {
        base.pointee.data = Unmanaged.passUnretained(owner).toOpaque()
    }

    /// No callback comes after this.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        base.pointee.data = nil
        uv_close(base, freeMemory)
    }

    /// The same handle, as the type that it begins with in C.
    func cast<Base>(to type: Base.Type) -> UnsafeMutablePointer<Base> {
        UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: type)
    }

    private var base: UnsafeMutablePointer<uv_handle_t> { cast(to: uv_handle_t.self) }
}

/// A handle's object, while it is open.
func owner<Owner: AnyObject>(_ data: UnsafeMutableRawPointer?, as type: Owner.Type) -> Owner? {
    data.map { Unmanaged<Owner>.fromOpaque($0).takeUnretainedValue() }
}

private func freeMemory(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    handle.map { UnsafeMutableRawPointer($0).deallocate() }
}
