export { createDashboardController } from './dashboard.controller.js';
export { DashboardPage, type DashboardOptions, type PageAnswer, type PageRequest } from './dashboard-page.js';
