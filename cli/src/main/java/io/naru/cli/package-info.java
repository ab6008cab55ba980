/** The naru program: its entry, and the run that trains its cache of classes. */
@NullMarked
package io.naru.cli;

import org.jspecify.annotations.NullMarked;
