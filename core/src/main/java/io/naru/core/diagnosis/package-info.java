/** What is wrong on a path, why, and what to type: observations, rules over them, verdicts. */
@NullMarked
package io.naru.core.diagnosis;

import org.jspecify.annotations.NullMarked;
