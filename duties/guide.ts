/** One of the guide's 44 items, in its own words. A duty's id is its title in kebab case. */
export interface GuideItem {
  readonly id: string
  readonly heading: string
  readonly title: string
}

/** Every item of the guide, in its order. Each folder of duties is one of these; each without a folder stands in docs/acceptance.md. */
export const guide: readonly GuideItem[] = [
  { id: 'security-log-review', heading: 'Daily Operations', title: 'Security Log Review' },
  { id: 'health-checks', heading: 'Daily Operations', title: 'Health Checks' },
  { id: 'performance-monitoring', heading: 'Daily Operations', title: 'Performance Monitoring' },
  { id: 'backup-verification', heading: 'Daily Operations', title: 'Backup Verification' },
  { id: 'security-patch-assessment', heading: 'Weekly Maintenance', title: 'Security Patch Assessment' },
  { id: 'access-review', heading: 'Weekly Maintenance', title: 'Access Review' },
  { id: 'configuration-drift-detection', heading: 'Weekly Maintenance', title: 'Configuration Drift Detection' },
  { id: 'threat-intelligence-updates', heading: 'Weekly Maintenance', title: 'Threat Intelligence Updates' },
  { id: 'comprehensive-security-review', heading: 'Monthly Maintenance', title: 'Comprehensive Security Review' },
  { id: 'vulnerability-scanning', heading: 'Monthly Maintenance', title: 'Vulnerability Scanning' },
  { id: 'policy-compliance-audit', heading: 'Monthly Maintenance', title: 'Policy Compliance Audit' },
  { id: 'disaster-recovery-testing', heading: 'Monthly Maintenance', title: 'Disaster Recovery Testing' },
  {
    id: 'security-control-effectiveness-review',
    heading: 'Quarterly Maintenance',
    title: 'Security Control Effectiveness Review',
  },
  { id: 'incident-response-plan-updates', heading: 'Quarterly Maintenance', title: 'Incident Response Plan Updates' },
  { id: 'security-training-updates', heading: 'Quarterly Maintenance', title: 'Security Training Updates' },
  { id: 'compliance-assessment', heading: 'Quarterly Maintenance', title: 'Compliance Assessment' },
  { id: 'security-patch-management', heading: 'Automated Maintenance Tasks', title: 'Security Patch Management' },
  { id: 'configuration-management', heading: 'Automated Maintenance Tasks', title: 'Configuration Management' },
  { id: 'log-analysis', heading: 'Automated Maintenance Tasks', title: 'Log Analysis' },
  { id: 'backup-automation', heading: 'Automated Maintenance Tasks', title: 'Backup Automation' },
  { id: 'maintenance-windows', heading: 'Maintenance Scheduling', title: 'Maintenance Windows' },
  { id: 'emergency-procedures', heading: 'Maintenance Scheduling', title: 'Emergency Procedures' },
  { id: 'rollback-planning', heading: 'Maintenance Scheduling', title: 'Rollback Planning' },
  { id: 'change-documentation', heading: 'Maintenance Scheduling', title: 'Change Documentation' },
  { id: 'agent-behavior-analysis', heading: 'AI Agent Maintenance', title: 'Agent Behavior Analysis' },
  { id: 'prompt-injection-detection', heading: 'AI Agent Maintenance', title: 'Prompt Injection Detection' },
  { id: 'agent-access-control', heading: 'AI Agent Maintenance', title: 'Agent Access Control' },
  { id: 'financial-controls', heading: 'AI Agent Maintenance', title: 'Financial Controls' },
  { id: 'api-security-updates', heading: 'MCP Server Maintenance', title: 'API Security Updates' },
  { id: 'integration-security', heading: 'MCP Server Maintenance', title: 'Integration Security' },
  { id: 'performance-optimization', heading: 'MCP Server Maintenance', title: 'Performance Optimization' },
  { id: 'dependency-management', heading: 'MCP Server Maintenance', title: 'Dependency Management' },
  { id: 'security-impact-assessment', heading: 'Change Management', title: 'Security Impact Assessment' },
  { id: 'testing-procedures', heading: 'Change Management', title: 'Testing Procedures' },
  { id: 'approval-workflows', heading: 'Change Management', title: 'Approval Workflows' },
  { id: 'documentation-requirements', heading: 'Change Management', title: 'Documentation Requirements' },
  { id: 'maintenance-risk-assessment', heading: 'Risk Management', title: 'Maintenance Risk Assessment' },
  { id: 'contingency-planning', heading: 'Risk Management', title: 'Contingency Planning' },
  { id: 'business-impact-analysis', heading: 'Risk Management', title: 'Business Impact Analysis' },
  { id: 'communication-plans', heading: 'Risk Management', title: 'Communication Plans' },
  { id: 'maintenance-checklists', heading: 'Contributing', title: 'Maintenance Checklists' },
  { id: 'automation-scripts', heading: 'Contributing', title: 'Automation Scripts' },
  { id: 'scheduling-templates', heading: 'Contributing', title: 'Scheduling Templates' },
  { id: 'lessons-learned', heading: 'Contributing', title: 'Lessons Learned' },
]
