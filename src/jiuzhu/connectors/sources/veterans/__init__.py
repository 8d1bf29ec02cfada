"""退役军人事务部门: veterans and their preferential treatment, answered by an officer."""
