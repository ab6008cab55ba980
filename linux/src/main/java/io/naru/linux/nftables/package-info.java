/** Rulesets handed to nft as one transaction, and what it answers. */
@NullMarked
package io.naru.linux.nftables;

import org.jspecify.annotations.NullMarked;
