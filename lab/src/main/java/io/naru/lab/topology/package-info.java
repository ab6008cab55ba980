/** What a lab is made of, and the scripts for {@code ip} and {@code nft} that follow from it. */
@NullMarked
package io.naru.lab.topology;

import org.jspecify.annotations.NullMarked;
