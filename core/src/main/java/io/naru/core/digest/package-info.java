/** Digests of bytes. */
@NullMarked
package io.naru.core.digest;

import org.jspecify.annotations.NullMarked;
