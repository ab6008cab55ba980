/** The kernel's settings under /proc/sys, read and written by their names. */
@NullMarked
package io.naru.linux.sysctl;

import org.jspecify.annotations.NullMarked;
