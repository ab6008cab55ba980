/** The Linux kernel's network from Java: a library in its own right. */
@NullMarked
package io.naru.linux;

import org.jspecify.annotations.NullMarked;
