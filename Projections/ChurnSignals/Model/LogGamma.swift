import Glibc

/// lnΓ for arguments above 0: the overlay's `lgamma` is the re-entrant `lgamma_r` and needs no global sign.
func logGamma(_ value: Double) -> Double { lgamma(value).0 }
