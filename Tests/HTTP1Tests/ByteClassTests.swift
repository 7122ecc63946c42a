import Testing

@testable import HTTP1

/// The sets of bytes as their sources write them.
@Suite struct ByteClassTests {
    private static let alphanumeric = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)

    private func set(_ isMember: (UInt8) -> Bool) -> Set<UInt8> { Set((0...255).filter(isMember)) }

    @Test func tokenBytes() {
        #expect(set(\.isTokenByte) == Self.alphanumeric.union("!#$%&'*+-.^_`|~".utf8))
    }

    @Test func authorityBytes() {
        #expect(set(\.isAuthorityByte) == Self.alphanumeric.union("-_.!~*'()%;:&=+$,[]@".utf8))
    }

    @Test func wordBytes() {
        #expect(set(\.isWordByte) == Self.alphanumeric.union("_".utf8))
    }

    @Test func visibleBytes() {
        #expect(set(\.isVisible) == Set(0x21...0x7e))
    }

    @Test func fieldValueBytes() {
        #expect(set(\.isFieldValueByte) == Set(0x20...0x7e).union(0x80...0xff).union([0x09]))
    }

    @Test func hexadecimalDigits() {
        for byte in UInt8.min...UInt8.max {
            let value = byte < 0x80 ? Character(Unicode.Scalar(byte)).hexDigitValue : nil
            #expect(byte.hexadecimalValue.map(Int.init) == value)
        }
    }
}
