/**
 * What Hawtio and other JMX clients see and may do: the MBeans of tasks, workers, tools and workflows, and their
 * permissions.
 */
@org.jspecify.annotations.NullMarked
package io.drover.manage;
