/** What was wrong before, and since when something is: verdicts and repairs with their times. */
@NullMarked
package io.naru.core.diagnosis.history;

import org.jspecify.annotations.NullMarked;
