/**
 * Looks at one kernel, whoever runs its network: reads its tunnel, probes its peers, and watches.
 */
@NullMarked
package io.naru.doctor.look;

import org.jspecify.annotations.NullMarked;
