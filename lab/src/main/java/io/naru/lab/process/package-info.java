/** Programs as processes: run one, start one, find those that are left. */
@NullMarked
package io.naru.lab.process;

import org.jspecify.annotations.NullMarked;
