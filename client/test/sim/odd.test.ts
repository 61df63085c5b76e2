import { simulate } from './simulate.js'

simulate(0)
