/** Asks other resolvers, and believes only what answers the question. */
@NullMarked
package io.naru.dns.upstream;

import org.jspecify.annotations.NullMarked;
