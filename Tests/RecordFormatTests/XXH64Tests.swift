import RecordFormat
import Testing

/// Values of the reference implementation (python-xxhash 3, which wraps Yann Collet's C code).
@Suite struct `The checksum XXH64` {
    @Test(
        arguments: [
            ("", 0xef46_db37_51d8_e999), ("a", 0xd24e_c4f1_a98c_6e5b), ("abc", 0x44bc_2cf5_ad77_0999),
            ("Nobody inspects the spammish repetition", 0xfbce_a83c_8a37_8bf1),
        ] as [(String, UInt64)])
    func `of a text is the reference's`(text: String, hash: UInt64) {
        #expect(XXH64.hash(Array(text.utf8).span) == hash)
    }

    @Test func `takes a seed`() {
        let text = Array("Nobody inspects the spammish repetition".utf8)
        #expect(XXH64.hash(text.span, seed: 20_141_025) == 0xce06_9361_3685_2706)
    }

    /// Bytes 0, 1, 2, …: lengths on both sides of every loop of the algorithm; seeds 0 and 0x9E3779B1.
    @Test(
        arguments: [
            (1, 0xe934_a84a_db05_2768, 0x5014_6076_43a9_b4c3), (3, 0xe5c7_bb45_33bc_65dd, 0x47aa_45ed_39ed_5541),
            (4, 0xffce_d860_4453_cc1e, 0xb8f1_a518_93fa_14e6), (7, 0x14cc_643f_630c_72d2, 0x13f3_1c4a_8e5f_8252),
            (8, 0x884a_1736_14b8_1b8d, 0xcb74_ef9d_044d_cf44), (12, 0x424a_f23f_1f08_dca5, 0x360a_9ad6_5866_8ebc),
            (31, 0xc346_d2b5_9b4d_8ee1, 0x7196_9c89_a30a_986a), (32, 0xcbf5_9c51_16ff_32b4, 0x7181_3547_74e0_d600),
            (33, 0x0c53_5d1a_cafb_8ead, 0x57bd_8ad0_a039_0e6d), (63, 0xe26a_a9e2_a95f_8e4f, 0x8923_6204_5c7b_adfb),
            (64, 0xf7c6_7301_db67_13f0, 0x6e54_5403_b828_cf8b), (100, 0x6ac1_e580_3216_6597, 0x8832_442a_8828_4f11),
            (255, 0x0f7d_9750_7caa_d693, 0x365f_c69f_1945_18d9), (256, 0x1fac_be84_06cd_904b, 0xd481_95f4_5908_996c),
        ] as [(Int, UInt64, UInt64)])
    func `of every length is the reference's`(count: Int, plain: UInt64, seeded: UInt64) {
        let bytes = (0..<count).map { UInt8($0) }
        #expect(XXH64.hash(bytes.span) == plain)
        #expect(XXH64.hash(bytes.span, seed: 0x9E37_79B1) == seeded)
    }

    @Test func `begins at an offset as if nothing stood before it`() {
        let bytes = (0..<100).map { UInt8($0) }
        for offset in 0..<bytes.count {
            #expect(XXH64.hash(bytes.span, from: offset) == XXH64.hash(Array(bytes[offset...]).span))
        }
    }
}
