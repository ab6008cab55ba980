/** Measurements side by side: suites of rows, measured in turn, with medians and ratios. */
@NullMarked
package io.naru.bench;

import org.jspecify.annotations.NullMarked;
