/** One node's part of an examination: what its kernel, its taps and its probes show meanwhile. */
@NullMarked
package io.naru.agent.examine;

import org.jspecify.annotations.NullMarked;
