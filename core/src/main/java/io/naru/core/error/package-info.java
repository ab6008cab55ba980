/** Stable error codes, and the exception that carries one. */
@NullMarked
package io.naru.core.error;

import org.jspecify.annotations.NullMarked;
