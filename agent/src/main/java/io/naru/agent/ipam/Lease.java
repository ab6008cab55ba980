package io.naru.agent.ipam;

import io.naru.core.pod.PodAttachment;

/** An attachment that owns its addresses, and how far it has come. */
public record Lease(PodAttachment attachment, LeasePhase phase) {}
