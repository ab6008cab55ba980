/** Whole clusters on this machine, driven and judged only through Naru's real programs. */
@NullMarked
package io.naru.e2e;

import org.jspecify.annotations.NullMarked;
