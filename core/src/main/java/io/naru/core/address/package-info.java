/** Internet and link-layer addresses. IPv4 and IPv6 are the same types and the same code. */
@NullMarked
package io.naru.core.address;

import org.jspecify.annotations.NullMarked;
