/** Paths in trouble are examined without anybody asking, and what was found is kept. */
@NullMarked
package io.naru.agent.watch;

import org.jspecify.annotations.NullMarked;
