/** Services: addresses that stand for backends, and which backend gets a connection. */
@NullMarked
package io.naru.core.service;

import org.jspecify.annotations.NullMarked;
