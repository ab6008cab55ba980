/** Tests of the book of paths, with a clock and a fabric of their own. */
@NullMarked
package io.naru.agent.probe;

import org.jspecify.annotations.NullMarked;
