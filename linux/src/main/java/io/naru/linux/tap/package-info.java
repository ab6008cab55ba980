/** Packets of an interface as they pass, filtered in the kernel. */
@NullMarked
package io.naru.linux.tap;

import org.jspecify.annotations.NullMarked;
