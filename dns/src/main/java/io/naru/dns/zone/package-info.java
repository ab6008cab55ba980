/** The names of a cluster's services and pods, as pure functions of the services. */
@NullMarked
package io.naru.dns.zone;

import org.jspecify.annotations.NullMarked;
