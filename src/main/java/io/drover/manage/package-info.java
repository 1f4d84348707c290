/** What Hawtio and other JMX clients see and may do: MBeans of tasks, workers, tools and workflows, and who may use which. */
@org.jspecify.annotations.NullMarked
package io.drover.manage;
