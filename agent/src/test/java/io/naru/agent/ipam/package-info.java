/** Tests of leases, with real files. */
@NullMarked
package io.naru.agent.ipam;

import org.jspecify.annotations.NullMarked;
