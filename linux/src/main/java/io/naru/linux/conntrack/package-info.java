/** Connections that the kernel tracks: listed and forgotten one by one. */
@NullMarked
package io.naru.linux.conntrack;

import org.jspecify.annotations.NullMarked;
