/** The nodes that run another network: how each is reached, and all looked at together. */
@NullMarked
package io.naru.doctor.ends;

import org.jspecify.annotations.NullMarked;
