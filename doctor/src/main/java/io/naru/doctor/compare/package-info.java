/** Two captures of one path: which packets left the one node and never reached the other. */
@NullMarked
package io.naru.doctor.compare;

import org.jspecify.annotations.NullMarked;
