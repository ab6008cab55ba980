/**
 * What makes {@code naru} start fast: jars that the JVM's cache takes, and the run that fills it.
 */
@NullMarked
package io.naru.cli.start;

import org.jspecify.annotations.NullMarked;
