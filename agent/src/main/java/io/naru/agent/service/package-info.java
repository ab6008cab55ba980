/** The services' table in the kernel, and the loop that keeps it. */
@NullMarked
package io.naru.agent.service;

import org.jspecify.annotations.NullMarked;
