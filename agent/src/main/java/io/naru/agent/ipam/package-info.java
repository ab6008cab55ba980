/** Leases of pod addresses, which outlive the agent, its crash and the machine's. */
@NullMarked
package io.naru.agent.ipam;

import org.jspecify.annotations.NullMarked;
