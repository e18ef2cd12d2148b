/* SPDX-License-Identifier: ISC */
/* One line for each target; the order is that of `mailcfg targets`. */
MC_TARGET(apple)
MC_TARGET(apple_qr)
MC_TARGET(thunderbird)
MC_TARGET(thunderbird_profile)
MC_TARGET(outlook)
MC_TARGET(autodiscover)
MC_TARGET(thebat)
MC_TARGET(android)
MC_TARGET(k9)
MC_TARGET(card)
MC_TARGET(json)
MC_TARGET(yaml)
