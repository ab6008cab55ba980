/** The configuration of the network, validated as a whole. */
@NullMarked
package io.naru.core.configuration;

import org.jspecify.annotations.NullMarked;
