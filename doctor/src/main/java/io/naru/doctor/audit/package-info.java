/** Which ports a network needs between its nodes, and which of them a firewall does not open. */
@NullMarked
package io.naru.doctor.audit;

import org.jspecify.annotations.NullMarked;
