/**
 * Calls into the C library through {@code java.lang.foreign}, and what the kernel's refusals mean.
 */
@NullMarked
package io.naru.linux.call;

import org.jspecify.annotations.NullMarked;
