/** Faults that a lab can inject, and the nftables script that injects those of the fabric. */
@NullMarked
package io.naru.lab.fault;

import org.jspecify.annotations.NullMarked;
