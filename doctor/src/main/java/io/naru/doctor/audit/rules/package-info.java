/** Packet filters of a host as files tell them, and what becomes of a packet in them. */
@NullMarked
package io.naru.doctor.audit.rules;

import org.jspecify.annotations.NullMarked;
